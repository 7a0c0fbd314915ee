import { Navigate } from 'react-router';
import { homeOf, useUser } from './session';

export function Home() {
  return <Navigate to={homeOf(useUser())} replace />;
}
